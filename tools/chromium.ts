import { type Browser, chromium } from 'playwright-core';

/** The system's Chromium: `tools/run.mjs` finds or installs it. The flags keep it from calling home while it starts. */
export function launchChromium({ backForwardCache = false } = {}): Promise<Browser> {
  return chromium.launch({
    // Off by default in a driven browser; pages of ours have to come back from it whole.
    ignoreDefaultArgs: backForwardCache ? ['--disable-back-forward-cache'] : [],
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A microphone that beeps: the machine may have none.
      '--use-fake-device-for-media-stream',
    ],
  });
}
