-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Who is signed in, with which browser. What the browser's cookie holds is here as a hash alone.
CREATE TABLE login (
    id BIGINT PRIMARY KEY,
    handle TEXT NOT NULL UNIQUE, -- to end it from one's own page
    token_hash TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES person (id),
    community_id BIGINT NOT NULL REFERENCES community (id), -- whose host the cookie is for
    agent TEXT NOT NULL, -- "Firefox, Android": so that people know their own
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL -- to the hour
);
CREATE INDEX login_by_person ON login (person_id, id);
CREATE INDEX login_by_seen ON login (seen_at);
CREATE INDEX login_by_beginning ON login (created_at);
