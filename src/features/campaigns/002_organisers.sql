-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Who leads a campaign, all with the same rights.
CREATE TABLE campaign_organiser (
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    person_id BIGINT NOT NULL REFERENCES person (id),
    since BIGINT NOT NULL,
    PRIMARY KEY (campaign_id, person_id)
);
CREATE INDEX campaign_organiser_by_person ON campaign_organiser (person_id, campaign_id);
