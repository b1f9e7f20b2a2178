-- SPDX-License-Identifier: AGPL-3.0-or-later
CREATE TABLE activity (
    id BIGINT PRIMARY KEY,
    community_id BIGINT NOT NULL REFERENCES community (id),
    actor_id BIGINT NOT NULL,
    verb TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    detail TEXT NOT NULL,
    audience TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX activity_by_community ON activity (community_id, id);
