-- SAP HANA. What was cleared together settles each other: the first debits meet the first credits, as far as both reach.
-- What is open and names an invoice (a partial payment, a credit memo) settles that.
WITH cleared AS (
  SELECT i.BUKRS, i.AUGBL, i.AUGDT, i.WAERS, i.SHKZG, CONCAT(CONCAT(i.BUKRS, i.GJAHR), CONCAT(i.BELNR, i.BUZEI)) AS document,
         SUM(i.WRBTR * f.FACTOR) OVER (PARTITION BY i.BUKRS, i.AUGBL, i.AUGDT, i.WAERS, i.SHKZG
           ORDER BY i.GJAHR, i.BELNR, i.BUZEI) AS ends, i.WRBTR * f.FACTOR AS amount
  FROM BSAD i
  JOIN (SELECT WAERS, CASE COALESCE(CURRDEC, 2) WHEN 0 THEN 100 WHEN 1 THEN 10 WHEN 3 THEN 0.1 ELSE 1 END AS FACTOR
        FROM TCURC LEFT JOIN TCURX ON CURRKEY = WAERS WHERE MANDT = '100') f ON f.WAERS = i.WAERS
  WHERE i.MANDT = '100' AND i.UMSKZ = '')
SELECT d.document AS document, c.document AS settling_document, d.AUGDT AS date,
       LEAST(d.ends, c.ends) - GREATEST(d.ends - d.amount, c.ends - c.amount) AS amount, d.WAERS AS currency
FROM cleared d
JOIN cleared c ON c.BUKRS = d.BUKRS AND c.AUGBL = d.AUGBL AND c.AUGDT = d.AUGDT AND c.WAERS = d.WAERS
  AND d.SHKZG = 'S' AND c.SHKZG = 'H' AND c.ends - c.amount < d.ends AND d.ends - d.amount < c.ends
UNION ALL
SELECT CONCAT(CONCAT(i.BUKRS, i.REBZJ), CONCAT(i.REBZG, i.REBZZ)), CONCAT(CONCAT(i.BUKRS, i.GJAHR), CONCAT(i.BELNR, i.BUZEI)),
       i.BUDAT, i.WRBTR * f.FACTOR, i.WAERS
FROM BSID i
JOIN (SELECT WAERS, CASE COALESCE(CURRDEC, 2) WHEN 0 THEN 100 WHEN 1 THEN 10 WHEN 3 THEN 0.1 ELSE 1 END AS FACTOR
      FROM TCURC LEFT JOIN TCURX ON CURRKEY = WAERS WHERE MANDT = '100') f ON f.WAERS = i.WAERS
WHERE i.MANDT = '100' AND i.UMSKZ = '' AND i.SHKZG = 'H' AND i.REBZG <> '' AND i.REBZG <> 'V'
