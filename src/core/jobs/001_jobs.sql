-- SPDX-License-Identifier: AGPL-3.0-or-later
CREATE TABLE job (
    id BIGINT PRIMARY KEY,
    community_id BIGINT, -- NULL: of the whole install
    kind TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    cursor BIGINT NOT NULL,
    due_at BIGINT NOT NULL, -- the product's time
    leased_until BIGINT NOT NULL, -- the system's time; 0: free
    attempts BIGINT NOT NULL,
    parked_at BIGINT NOT NULL, -- 0: not parked
    UNIQUE (kind, object_id)
);
CREATE INDEX job_by_due ON job (parked_at, due_at);
