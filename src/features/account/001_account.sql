-- SPDX-License-Identifier: AGPL-3.0-or-later
-- A sign-in that was asked for: the link of a mail (or of the command line), and six digits for the browser that asked. Secrets are
-- here as hashes alone.
CREATE TABLE sign_in (
    id BIGINT PRIMARY KEY,
    link_hash TEXT NOT NULL UNIQUE,
    browser_hash TEXT NOT NULL UNIQUE, -- of what the browser's cookie holds
    email TEXT NOT NULL, -- in its normal form; '' for the install's first link, which asks for it
    language TEXT NOT NULL,
    code_mac TEXT NOT NULL, -- '' for none
    next TEXT NOT NULL, -- where to go then; '' for one's own page
    tries BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL -- 0: not used
);
CREATE INDEX sign_in_by_email ON sign_in (email, created_at);
CREATE INDEX sign_in_by_expiry ON sign_in (expires_at);
