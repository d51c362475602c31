import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Orders' };

export default function OrdersPage() {
  return (
    <>
      <h1>Orders</h1>
      <table>
        <thead>
          <tr>
            <th>Order</th>
            <th>What</th>
            <th>State</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>HS-2041</td>
            <td>Mooring line, 40 m</td>
            <td>On its way, expected on Thursday</td>
          </tr>
          <tr>
            <td>HS-2017</td>
            <td>Anchor light</td>
            <td>Delivered on 3 March</td>
          </tr>
        </tbody>
      </table>
      <h2>Returns</h2>
      <p>Anything that is unused can be sent back within 60 days of its delivery.</p>
    </>
  );
}
