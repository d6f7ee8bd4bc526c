"""How a configuration names what it builds on."""

DatasetId = str
RunId = str
