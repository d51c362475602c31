import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Delivery' };

export default function DeliveryPage() {
  return (
    <>
      <h1>Delivery</h1>
      <p>Parcels leave our warehouse in Tallinn on the day of the order if it comes before 14:00.</p>
      <h2>To a berth</h2>
      <p>We deliver to a berth when the harbour office signs for the parcel. That costs 12 euros more.</p>
      <h2>Heavy goods</h2>
      <p>Chains and anchors of more than 30 kg come by freight, on Tuesdays and Fridays.</p>
    </>
  );
}
