import type { NextConfig } from 'next';

// Named, because the repository around this example has a lock file too, and Next.js would take its directory.
const config: NextConfig = { turbopack: { root: import.meta.dirname } };

export default config;
