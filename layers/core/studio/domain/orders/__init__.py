"""The plan of a job: what each image needs, costs and is sent."""
