-- SPDX-License-Identifier: AGPL-3.0-or-later
CREATE TABLE request_key (
    hash TEXT PRIMARY KEY, -- of route, person and key
    body_hash TEXT NOT NULL,
    row_id BIGINT NOT NULL, -- what the request made
    created_at BIGINT NOT NULL
);
CREATE INDEX request_key_by_age ON request_key (created_at);
