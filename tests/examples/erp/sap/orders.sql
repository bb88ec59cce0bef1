-- SAP HANA; billing documents. Amounts are positive in all of them: the category says on which side they count. Free goods that
-- came back are left out: where nothing else came back with them, the document would be one that cancels without an amount, and with
-- it the whole invoice.
SELECT k.KUNAG AS customer, k.FKDAT AS date, p.NETWR * f.FACTOR * s.SIDE AS amount, k.VBELN AS document, p.POSNR AS line,
       CASE WHEN s.SIDE < 0 AND p.VGTYP = 'M' THEN p.VGBEL END AS cancels, k.WAERK AS currency, p.FKIMG AS quantity,
       p.MATNR AS product, (p.NETWR - p.WAVWR) * f.FACTOR * s.SIDE AS margin
FROM VBRK k
JOIN VBRP p ON p.MANDT = k.MANDT AND p.VBELN = k.VBELN
JOIN (SELECT 'M' AS VBTYP, 1 AS SIDE FROM DUMMY UNION ALL SELECT 'P', 1 FROM DUMMY UNION ALL SELECT 'O', -1 FROM DUMMY) s
  ON s.VBTYP = k.VBTYP
JOIN (SELECT WAERS, CASE COALESCE(CURRDEC, 2) WHEN 0 THEN 100 WHEN 1 THEN 10 WHEN 3 THEN 0.1 ELSE 1 END AS FACTOR
      FROM TCURC LEFT JOIN TCURX ON CURRKEY = WAERS WHERE MANDT = '100') f ON f.WAERS = k.WAERK
WHERE k.MANDT = '100' AND NOT (s.SIDE < 0 AND p.NETWR = 0)
UNION ALL -- N cancels an invoice, S a credit memo
SELECT k.KUNAG, k.FKDAT, NULL, k.VBELN, NULL, k.SFAKN, k.WAERK, NULL, NULL, NULL
FROM VBRK k
WHERE k.MANDT = '100' AND k.VBTYP IN ('N', 'S')
