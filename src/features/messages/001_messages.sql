-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What organisers write to those who take part.
CREATE TABLE campaign_message (
    id BIGINT PRIMARY KEY,
    community_id BIGINT NOT NULL REFERENCES community (id),
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    session_id BIGINT NOT NULL, -- 0: to everybody
    handle TEXT NOT NULL UNIQUE, -- a new one each time that a draft is written anew
    author_id BIGINT NOT NULL, -- a person; 0: forgotten
    subject TEXT NOT NULL,
    body TEXT NOT NULL, -- Markdown, as written
    body_html TEXT NOT NULL, -- rendered once, when written
    state TEXT NOT NULL, -- draft, sending, sent
    sent_at BIGINT NOT NULL, -- when its author said so; of a draft, when it was written
    mails BIGINT NOT NULL -- written so far
);
CREATE UNIQUE INDEX campaign_message_draft ON campaign_message (campaign_id, author_id) WHERE state = 'draft';
CREATE UNIQUE INDEX campaign_message_sending ON campaign_message (campaign_id) WHERE state = 'sending';
CREATE INDEX campaign_message_by_campaign ON campaign_message (campaign_id, sent_at) WHERE state IN ('sending', 'sent');
CREATE INDEX campaign_message_by_author ON campaign_message (author_id);
CREATE INDEX campaign_message_by_community ON campaign_message (community_id);
