"""Train DeepChrome: expression from histone marks."""
