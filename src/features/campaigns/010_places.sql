-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Where a session takes place, as its people see it, is noted of each session, also where the place is its campaign's. What was
-- noted of campaigns, or as "the campaign's" ('', not online), becomes that.
UPDATE campaign_changed SET
    before_text = (SELECT c.place FROM campaign c WHERE c.id = campaign_changed.campaign_id),
    before_online = (SELECT c.online FROM campaign c WHERE c.id = campaign_changed.campaign_id)
    WHERE session_id <> 0 AND what = 'place' AND before_text = '' AND before_online = 0;
INSERT INTO campaign_changed (campaign_id, session_id, what, told, before_text, before_online, before_from, before_until, at)
    SELECT d.campaign_id, s.id, 'place', d.told, d.before_text, d.before_online, 0, 0, d.at FROM campaign_changed d
    JOIN session s ON s.campaign_id = d.campaign_id
    WHERE d.session_id = 0 AND d.what = 'place' AND s.taken > 0 AND (s.starts_at = 0 OR (s.place = '' AND s.online = 0))
    ON CONFLICT (campaign_id, told, at, session_id, what) DO NOTHING;
DELETE FROM campaign_changed WHERE session_id = 0 AND what = 'place';
