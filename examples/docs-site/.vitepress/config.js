import { defineConfig } from 'vitepress';

// Where the chat server is, and the token that `npm run site -- add …` printed: both are public, and stand in each page.
const chatServer = process.env.PAGEWISE_URL ?? 'http://localhost:8787';
const siteToken = process.env.PAGEWISE_SITE_TOKEN;
if (!siteToken) console.warn('PAGEWISE_SITE_TOKEN is not set: these pages are without the chat.');

const chat = ['script', { async: '', src: `${chatServer}/widget.js`, 'data-site-token': siteToken ?? '' }];

export default defineConfig({
  title: 'Tern',
  srcExclude: ['README.md'],
  description: 'Tern keeps folders the same on all your machines.',
  head: [['link', { rel: 'icon', href: '/icon.svg' }], ...(siteToken ? [chat] : [])],
  themeConfig: {
    // Its shortcuts listen on the whole page, also while somebody writes to the chat.
    search: { provider: 'local' },
    nav: [{ text: 'Guide', link: '/guide/install' }],
    sidebar: [
      {
        text: 'Guide',
        items: [
          { text: 'Install', link: '/guide/install' },
          { text: 'Share a folder', link: '/guide/share' },
          { text: 'When files conflict', link: '/guide/conflicts' },
        ],
      },
      { text: 'Reference', items: [{ text: 'tern.toml', link: '/reference/settings' }] },
    ],
  },
});
