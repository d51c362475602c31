import { expect, test } from 'vitest';
import { ERROR_STATUS } from '../../protocol/error-status.ts';

// Other people's code switches on these: a change is a break, so it is made twice.
test('every code has the status that it always had', () => {
  expect(ERROR_STATUS).toEqual({
    invalid_json: 400,
    invalid_request: 400,
    unknown_request_type: 400,
    message_too_long: 400,
    not_configured: 400,
    site_token_missing: 401,
    session_token_missing: 401,
    token_invalid: 401,
    token_expired: 401,
    user_token_required: 401,
    token_lifetime_too_long: 401,
    origin_mismatch: 401,
    origin_not_allowed: 403,
    not_found: 404,
    method_not_allowed: 405,
    thread_busy: 409,
    not_pending: 409,
    site_exists: 409,
    attachment_not_uploaded: 409,
    body_too_large: 413,
    media_type_not_allowed: 415,
    internal: 500,
    not_implemented: 501,
    model_unavailable: 503,
    storage_unavailable: 503,
    user_token_unavailable: 503,
    not_ready: 503,
    upstream_unavailable: 502,
  });
});
