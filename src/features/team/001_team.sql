-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Who was asked by e-mail to lead a campaign with others. What the mail's link holds is here as a hash alone.
CREATE TABLE invitation (
    id BIGINT PRIMARY KEY,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    handle TEXT NOT NULL UNIQUE, -- to withdraw it
    token_hash TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL, -- in its normal form
    invited_by BIGINT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL, -- or when it was withdrawn
    accepted_at BIGINT NOT NULL -- 0: not yet
);
CREATE INDEX invitation_by_campaign ON invitation (campaign_id, email);
CREATE INDEX invitation_by_person ON invitation (invited_by, created_at);
CREATE INDEX invitation_by_email ON invitation (email);
CREATE INDEX invitation_by_expiry ON invitation (expires_at);
