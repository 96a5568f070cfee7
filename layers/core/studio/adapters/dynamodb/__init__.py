"""Stores on DynamoDB: keys, records and transactions."""
