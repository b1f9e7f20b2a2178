-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Who did what, of those who administrate and organise. No name and no address stands here: people
-- are ids, and one who is forgotten leaves the fact alone.
CREATE TABLE audit (
    id BIGINT PRIMARY KEY,
    community_id BIGINT NOT NULL REFERENCES community (id),
    actor_id BIGINT NOT NULL, -- a person's id; 0: the program, or somebody at its command line
    action TEXT NOT NULL, -- campaign.cancel
    person_id BIGINT NOT NULL, -- to whom it was done; 0: to nobody with an account
    object_id BIGINT NOT NULL, -- the row that it was done to; 0: none
    title TEXT NOT NULL, -- what that was called then: a campaign's title
    path TEXT NOT NULL, -- its page
    detail TEXT NOT NULL, -- what the action leaves open: the new role
    at BIGINT NOT NULL
);
CREATE INDEX audit_by_community ON audit (community_id, id);
CREATE INDEX audit_by_action ON audit (community_id, action, id);
CREATE INDEX audit_by_actor ON audit (actor_id, id);
CREATE INDEX audit_by_time ON audit (at);
