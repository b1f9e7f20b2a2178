-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What people say is wrong with a campaign's page, for the facilitators of its community.
CREATE TABLE flag (
    id BIGINT PRIMARY KEY,
    community_id BIGINT NOT NULL REFERENCES community (id),
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    handle TEXT NOT NULL UNIQUE,
    reason TEXT NOT NULL, -- see flag_reasons
    words TEXT NOT NULL, -- '' for none
    email TEXT NOT NULL, -- of who may be answered, in its normal form; '' for none
    created_at BIGINT NOT NULL,
    settled_at BIGINT NOT NULL -- 0: nobody has looked at it yet
);
CREATE INDEX flag_open ON flag (community_id, id) WHERE settled_at = 0;
CREATE INDEX flag_by_campaign ON flag (campaign_id, settled_at);
CREATE INDEX flag_by_email ON flag (email);
CREATE INDEX flag_by_settling ON flag (settled_at) WHERE settled_at > 0;
