/** What an owner pastes into the pages of the site. Neither value holds a quote: one is a URL, the other a JWT. */
export function scriptTag(publicUrl: string, siteToken: string): string {
  return `<script async src="${publicUrl}/widget.js" data-site-token="${siteToken}"></script>`;
}
