-- SPDX-License-Identifier: AGPL-3.0-or-later
ALTER TABLE campaign_result ADD COLUMN thanks TEXT NOT NULL DEFAULT ''; -- the organiser's words to all, when it was closed

-- What the organisers say that it amounts to. The program vouches for none of it: it is shown as a claim, with its source.
CREATE TABLE campaign_claim (
    id BIGINT PRIMARY KEY,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    handle TEXT NOT NULL,
    claim TEXT NOT NULL,
    source TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (campaign_id, handle)
);
CREATE INDEX campaign_claim_in_order ON campaign_claim (campaign_id, id);

-- The organiser's list can be had by size, to see what may be a slip of the finger.
DROP INDEX report_by_campaign;
CREATE INDEX report_by_size ON report (campaign_id, quantity, id);
