-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Words that people leave on a campaign's page.
CREATE TABLE NOUN (
    id BIGINT PRIMARY KEY,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    handle TEXT NOT NULL UNIQUE, -- stands for it outside of the program
    author_id BIGINT NOT NULL REFERENCES person (id),
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX NOUN_by_campaign ON NOUN (campaign_id, id);
CREATE INDEX NOUN_by_author ON NOUN (author_id, campaign_id, created_at);
