-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The addresses that lead to a campaign: its own (campaign.slug), and those it had while it was a draft of another title.
-- Of two who want the same one, this key decides; so it is taken before its campaign is there.
CREATE TABLE campaign_address (
    community_id BIGINT NOT NULL REFERENCES community (id),
    slug TEXT NOT NULL,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (community_id, slug)
);
CREATE INDEX campaign_address_by_campaign ON campaign_address (campaign_id);
INSERT INTO campaign_address (community_id, slug, campaign_id) SELECT community_id, slug, id FROM campaign;
