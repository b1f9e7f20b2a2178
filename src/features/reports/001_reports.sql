-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What participants say they did: a number in their campaign's unit, and a word beside it if they like. It carries no name.
CREATE TABLE report (
    id BIGINT PRIMARY KEY,
    community_id BIGINT NOT NULL REFERENCES community (id),
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    sign_up_id BIGINT, -- who says so; NULL: told to the organiser
    quantity BIGINT NOT NULL,
    note TEXT NOT NULL, -- '' for none
    how TEXT NOT NULL, -- declared, verified
    created_at BIGINT NOT NULL,
    CHECK (quantity > 0)
);
CREATE INDEX report_by_community ON report (community_id, id);
CREATE INDEX report_by_campaign ON report (campaign_id, quantity);
CREATE INDEX report_with_note ON report (campaign_id, id) WHERE note <> '';
