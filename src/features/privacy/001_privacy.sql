-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The link of a mail that opens all that is kept of one address, to take it along or to have it erased. It is here as a hash alone.
CREATE TABLE data_link (
    id BIGINT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL, -- in its normal form
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX data_link_by_email ON data_link (email, created_at);
CREATE INDEX data_link_by_expiry ON data_link (expires_at);

-- What a community says of itself on its legal pages, and how long it keeps what. No row: not said, or the program's own number.
CREATE TABLE privacy_setting (
    community_id BIGINT NOT NULL REFERENCES community (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    set_at BIGINT NOT NULL, -- since when it holds
    PRIMARY KEY (community_id, name)
);

-- When a campaign ended: from then on the time runs for which the names of who took part are kept.
CREATE TABLE campaign_end (
    campaign_id BIGINT PRIMARY KEY REFERENCES campaign (id),
    ended_at BIGINT NOT NULL,
    erased_at BIGINT NOT NULL -- 0: names are still there
);
CREATE INDEX campaign_end_by_time ON campaign_end (ended_at) WHERE erased_at = 0;
INSERT INTO campaign_end (campaign_id, ended_at, erased_at)
    SELECT id, CASE WHEN acts_until > closes_at THEN acts_until ELSE closes_at END, 0 FROM campaign
    WHERE state IN ('reported', 'missed', 'cancelled');
INSERT INTO campaign_end (campaign_id, ended_at, erased_at) -- as if its organiser closed it a year later
    SELECT id, CASE WHEN acts_until > closes_at THEN acts_until ELSE closes_at END + 31536000, 0 FROM campaign
    WHERE state = 'under_way';

-- Accounts that nobody is signed in with, found so by a job: since when, and when their owners were told that they will be erased.
CREATE TABLE idle_person (
    person_id BIGINT PRIMARY KEY REFERENCES person (id),
    since BIGINT NOT NULL,
    warned_at BIGINT NOT NULL -- 0: not yet
);

CREATE INDEX campaign_by_organiser_email ON campaign (organiser_email) WHERE organiser_email <> '';
CREATE INDEX sign_up_unconfirmed ON sign_up (created_at) WHERE state = 'expired' AND confirmed_at = 0 AND first_name <> '';
