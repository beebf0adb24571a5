"""What every HTTP answer has in common: headers, log, language, origin check, problem details."""
