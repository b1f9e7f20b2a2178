-- SPDX-License-Identifier: AGPL-3.0-or-later
CREATE TABLE mail (
    id BIGINT PRIMARY KEY,
    community_id BIGINT NOT NULL REFERENCES community (id),
    handle TEXT NOT NULL UNIQUE,
    reason TEXT NOT NULL,
    unique_key TEXT UNIQUE,
    to_address TEXT NOT NULL, -- in its normal form
    message TEXT NOT NULL, -- RFC 5322, as it goes out
    created_at BIGINT NOT NULL
);
CREATE INDEX mail_by_address ON mail (to_address, id);
