-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The days of what was there before they were kept: by UTC, and people who left meanwhile are not among them.
INSERT INTO campaign_day (campaign_id, day, people, minutes, quantity)
    SELECT campaign_id, day, CAST(SUM(people) AS BIGINT), CAST(SUM(minutes) AS BIGINT), CAST(SUM(quantity) AS BIGINT)
    FROM (SELECT campaign_id, confirmed_at / 86400 AS day, party AS people, party * minutes_each AS minutes, 0 AS quantity
          FROM sign_up WHERE state IN ('confirmed', 'attended', 'released')
          UNION ALL
          SELECT campaign_id, created_at / 86400 AS day, 0 AS people, 0 AS minutes, quantity FROM report WHERE set_aside = 0) AS told
    GROUP BY campaign_id, day;
