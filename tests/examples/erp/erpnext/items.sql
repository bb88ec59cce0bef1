-- MariaDB; ERPNext 14 and later. What all entries of a voucher come to is its amount.
SELECT CONCAT(v.voucher_no, '/', v.party) AS document, v.revision, v.party AS customer,
       CASE v.voucher_type
         WHEN 'Sales Invoice' THEN CASE WHEN v.amount >= 0 THEN 'invoice' ELSE 'credit_note' END
         WHEN 'Payment Entry' THEN CASE WHEN v.amount > 0 THEN 'refund' ELSE 'payment' END
         ELSE CASE WHEN v.amount >= 0 THEN 'debit_note' ELSE 'credit_note' END END AS kind,
       ABS(v.amount) AS amount, v.account_currency AS currency, v.document_date, v.due_date
FROM (SELECT voucher_type, voucher_no, party, account_currency, FLOOR(UNIX_TIMESTAMP(MAX(modified))) AS revision,
             SUM(CASE delinked WHEN 0 THEN amount_in_account_currency ELSE 0 END) AS amount, -- 0: cancelled
             MIN(posting_date) AS document_date, MAX(due_date) AS due_date
      FROM `tabPayment Ledger Entry`
      WHERE party_type = 'Customer' AND account_type = 'Receivable'
      GROUP BY voucher_type, voucher_no, party, account_currency) v
