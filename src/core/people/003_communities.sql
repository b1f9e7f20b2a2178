-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Administrators shut people out of their own community alone; person.suspended_at is the whole install's, by the command line.
ALTER TABLE membership ADD COLUMN suspended_at BIGINT NOT NULL DEFAULT 0; -- 0: may come in
UPDATE membership SET suspended_at = (SELECT p.suspended_at FROM person p WHERE p.id = membership.person_id);
UPDATE person SET suspended_at = 0 WHERE id IN (SELECT person_id FROM membership);
CREATE INDEX membership_administrator ON membership (person_id) WHERE role = 'administrator';

-- A role that waits for who was invited: theirs when they sign in to the community, and not before.
CREATE TABLE role_offer (
    community_id BIGINT NOT NULL REFERENCES community (id),
    email TEXT NOT NULL, -- in its normal form
    handle TEXT NOT NULL UNIQUE, -- to withdraw it
    role TEXT NOT NULL,
    offered_by BIGINT NOT NULL, -- the person; 0: the program
    created_at BIGINT NOT NULL,
    PRIMARY KEY (community_id, email)
);
CREATE INDEX role_offer_by_age ON role_offer (created_at);
CREATE INDEX role_offer_by_email ON role_offer (email);
