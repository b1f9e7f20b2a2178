-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What was written before the program could send stays where it is: nobody wants a code of last month.
ALTER TABLE mail ADD COLUMN kind TEXT NOT NULL DEFAULT 'asked-for'; -- see enum outbox_kind
ALTER TABLE mail ADD COLUMN turn SMALLINT NOT NULL DEFAULT 2; -- the lowest goes first
ALTER TABLE mail ADD COLUMN state TEXT NOT NULL DEFAULT 'kept'; -- see enum outbox_state
ALTER TABLE mail ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0; -- the product's time
ALTER TABLE mail ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mail ADD COLUMN unsure BIGINT NOT NULL DEFAULT 0; -- attempts of which nobody knows how they ended
ALTER TABLE mail ADD COLUMN tried_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mail ADD COLUMN answer TEXT NOT NULL DEFAULT ''; -- the server's last words
CREATE INDEX mail_by_turn ON mail (turn, due_at) WHERE state = 'waiting';
CREATE INDEX mail_in_hand ON mail (id) WHERE state = 'sending';

-- Every address that was ever written to: the handle of its page, and whether mails arrive there.
CREATE TABLE mail_address (
    address TEXT PRIMARY KEY, -- in its normal form
    handle TEXT NOT NULL UNIQUE,
    reach TEXT NOT NULL, -- see enum outbox_reach
    bounces BIGINT NOT NULL, -- one after the other
    bounced_at BIGINT NOT NULL, -- the last time; 0: never, or it was mended
    words TEXT NOT NULL, -- why, as the server that refused it says
    created_at BIGINT NOT NULL
);
CREATE INDEX mail_address_bounced ON mail_address (bounced_at) WHERE bounced_at > 0;

-- What somebody switched off: no row, no wish.
CREATE TABLE mail_choice (
    address TEXT NOT NULL,
    kind TEXT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES community (id),
    off_at BIGINT NOT NULL,
    PRIMARY KEY (address, kind, community_id)
);
CREATE INDEX mail_choice_by_community ON mail_choice (community_id);

-- One row: how the server that sends fares.
CREATE TABLE mail_server (
    id SMALLINT PRIMARY KEY,
    well_at BIGINT NOT NULL, -- when it last took something, or refused one mail alone
    trouble_at BIGINT NOT NULL, -- 0: none
    trouble TEXT NOT NULL -- in its own words
);
