-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What those who lead a campaign decided about it, beside its dates and counters. No row: nothing so far.
CREATE TABLE campaign_leading (
    campaign_id BIGINT PRIMARY KEY REFERENCES campaign (id),
    submitted_at BIGINT NOT NULL, -- 0: never sent in for approval
    word TEXT NOT NULL, -- of who sent it back; '' for none
    cancelled_because TEXT NOT NULL, -- shown on its page, and in the mail to all; '' for none
    extended_at BIGINT NOT NULL, -- 0: not extended; it can be once
    fell_at BIGINT NOT NULL -- when its organisers heard last that it fell below its minimum again; 0: never
);
CREATE INDEX campaign_submitted ON campaign (community_id, id) WHERE state = 'submitted';
