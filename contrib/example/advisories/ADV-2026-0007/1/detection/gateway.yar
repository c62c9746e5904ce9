rule example_gateway_part_table
{
	meta:
		description = "Document whose part table points behind itself"
		reference = "ADV-2026-0007"
	strings:
		$magic = "EXDOC4"
		$table = { 50 54 42 4C ?? ?? FF FF }
	condition:
		$magic at 0 and $table
}
