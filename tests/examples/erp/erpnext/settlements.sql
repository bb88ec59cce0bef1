-- MariaDB; ERPNext 14 and later. An entry against its own voucher is what that left unallocated.
SELECT e.name AS settlement, FLOOR(UNIX_TIMESTAMP(e.modified)) AS revision,
       CONCAT(e.against_voucher_no, '/', e.party) AS document, CONCAT(e.voucher_no, '/', e.party) AS settling_document,
       e.posting_date AS date,
       CASE e.delinked WHEN 0 THEN -e.amount_in_account_currency ELSE 0 END AS amount, -- 0: taken back, cancelled
       e.account_currency AS currency
FROM `tabPayment Ledger Entry` e
WHERE e.party_type = 'Customer' AND e.account_type = 'Receivable' AND e.against_voucher_no <> e.voucher_no
