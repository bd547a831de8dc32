"""Files that staff import: read, checked row by row against what is stored, planned.

`files` tells CSV from XLSX by content and refuses what is neither; `headers` says which
column is which field; `resellers`, `referrals` and `sales` say what each row would do
and which action does it; `running` checks again and hands the plan to
`actions.imports`. Nothing here writes. Source: 5-resellers, section 9, "Import".
"""
