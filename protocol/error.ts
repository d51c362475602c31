/** Every code an HTTP error of ours can carry. A closed union: callers switch on it and never read the message. */
export type ErrorCode =
  | 'invalid_json'
  | 'invalid_request'
  | 'unknown_request_type'
  | 'not_implemented'
  | 'not_configured'
  | 'message_too_long'
  | 'site_token_missing'
  | 'session_token_missing'
  | 'token_invalid'
  | 'token_expired'
  | 'user_token_required'
  | 'user_token_unavailable'
  | 'token_lifetime_too_long'
  | 'origin_mismatch'
  | 'origin_not_allowed'
  | 'not_found'
  | 'method_not_allowed'
  | 'site_exists'
  | 'thread_busy'
  | 'not_pending'
  | 'attachment_not_uploaded'
  | 'body_too_large'
  | 'media_type_not_allowed'
  | 'model_unavailable'
  | 'storage_unavailable'
  | 'not_ready'
  | 'upstream_unavailable'
  | 'internal';

/** The body of every HTTP error. `message` is for people who debug; it never holds a token, a path or a stack. */
export interface ErrorBody {
  error: {
    code: ErrorCode;
    message: string;
    /** With `user_token_required`: what a panel needs to say so. `url` is the site's own login page, where it names one. */
    sign_in?: { site: string; url?: string };
  };
}
