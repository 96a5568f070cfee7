"""Adapters: the ports implemented on AWS. One boto3 client per service, reused while warm."""
