-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What each day brought (or took, below zero): the curve of the result page, without counting people again.
CREATE TABLE campaign_day (
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    day BIGINT NOT NULL, -- of the community's calendar, counted from 1970-01-01
    people BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    PRIMARY KEY (campaign_id, day)
);
