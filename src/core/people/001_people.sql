-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Accounts: one for all communities of the install. A guest has none, until they sign in.
CREATE TABLE person (
    id BIGINT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE, -- in its normal form, confirmed by having signed in with it
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    suspended_at BIGINT NOT NULL -- 0: may sign in
);

CREATE TABLE membership (
    community_id BIGINT NOT NULL REFERENCES community (id),
    person_id BIGINT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL, -- member, facilitator, administrator
    since BIGINT NOT NULL,
    PRIMARY KEY (community_id, person_id)
);
CREATE INDEX membership_by_person ON membership (person_id);
CREATE INDEX membership_by_role ON membership (community_id, role, person_id);
