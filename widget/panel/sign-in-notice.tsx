import type { FailureCode, SignIn } from './failure.ts';
import { Icon } from './icon.tsx';

interface SignInNoticeProps {
  signIn: SignIn;
  code: FailureCode;
  onAnonymous: () => void;
}

/** Says that the site wants its user signed in, and leads to the site's own login. */
export function SignInNotice({ signIn, code, onAnonymous }: SignInNoticeProps) {
  const { site = 'this website', url = '', lapsed } = signIn;
  const isOutlived = code === 'sign_in_expired';
  return (
    <div class="cover" role="alert">
      <span class="mark">
        <Icon name="person" />
      </span>
      <p>{wordsFor(isOutlived, lapsed, site)}</p>
      {isOutlived && (
        <button type="button" class="retry" onClick={() => location.reload()}>
          Reload the page
        </button>
      )}
      {!isOutlived && /^https?:\/\//i.test(url) && (
        <a class="retry" href={url}>
          Sign in
        </a>
      )}
      {!isOutlived && lapsed && (
        <button type="button" class="second" onClick={onAnonymous}>
          Go on without signing in
        </button>
      )}
    </div>
  );
}

function wordsFor(isOutlived: boolean, lapsed: boolean, site: string): string {
  if (isOutlived) return 'This page was open for so long that your sign-in can no longer be confirmed.';
  if (lapsed) return `Your sign-in has ended. Sign in to ${site} again to see your chats.`;
  return `Please sign in to ${site} to use the chat.`;
}
