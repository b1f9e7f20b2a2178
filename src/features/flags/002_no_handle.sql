-- SPDX-License-Identifier: AGPL-3.0-or-later
-- A flag is never named by itself: what waits about a campaign is settled together. Its handle goes,
-- and since a column that is unique cannot be dropped everywhere, the table is made again.
CREATE TABLE flag_kept (
    id BIGINT PRIMARY KEY,
    community_id BIGINT NOT NULL REFERENCES community (id),
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    reason TEXT NOT NULL, -- see flag_reasons
    words TEXT NOT NULL, -- '' for none
    email TEXT NOT NULL, -- of who may be answered, in its normal form; '' for none
    created_at BIGINT NOT NULL,
    settled_at BIGINT NOT NULL -- 0: nobody has looked at it yet
);
INSERT INTO flag_kept (id, community_id, campaign_id, reason, words, email, created_at, settled_at)
    SELECT id, community_id, campaign_id, reason, words, email, created_at, settled_at FROM flag;
DROP TABLE flag;
ALTER TABLE flag_kept RENAME TO flag;
CREATE INDEX flag_open ON flag (community_id, id) WHERE settled_at = 0;
CREATE INDEX flag_by_campaign ON flag (campaign_id, settled_at);
CREATE INDEX flag_by_email ON flag (email);
CREATE INDEX flag_by_settling ON flag (settled_at) WHERE settled_at > 0;
