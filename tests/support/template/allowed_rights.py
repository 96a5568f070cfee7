"""The rights of each role: action -> resources, as the template may grant them and no more."""

OPEN_STAGING = {"s3:GetObject": {"${Bucket.Arn}/staging/*"}, "s3:ListBucket": {"Bucket.Arn"}}
OPEN_STAGING_AND_ASSETS = {
    "s3:GetObject": {"${Bucket.Arn}/staging/*", "${Bucket.Arn}/assets/*"},
    "s3:ListBucket": {"Bucket.Arn"},
}

WEBHOOK_SECRETS = (
    "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}"
    ":parameter/studio/${AWS::StackName}/webhooks/*"
)
PROVIDER_KEYS = (
    "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}"
    ":parameter/studio/${AWS::StackName}/providers/*"
)
KEYS_OF_TENANTS = f"{PROVIDER_KEYS}/tenants/*"
# It shows names and no values, and AWS ties it to no parameter.
NAMES_OF_PARAMETERS = {"ssm:DescribeParameters"}
OWN_SCHEDULES = {
    f"arn:${{AWS::Partition}}:scheduler:${{AWS::Region}}:${{AWS::AccountId}}:schedule/{group}"
    "/studio-*"
    for group in ("${ScheduleGroup}", "default")
}
STATES = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}"
NESTED_EXECUTIONS = {
    f"{STATES}:execution:${{ProcessJobStateMachine.Name}}:*",
    f"{STATES}:execution:${{AWS::StackName}}-run-batch:*",
    f"{STATES}:execution:${{AWS::StackName}}-run-batch/*",
}
NESTED_RULE = {
    "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:"
    "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"
}
LOG_DELIVERY = {
    f"logs:{action}": {"*"}
    for action in (
        "CreateLogDelivery",
        "GetLogDelivery",
        "UpdateLogDelivery",
        "DeleteLogDelivery",
        "ListLogDeliveries",
        "PutResourcePolicy",
        "DescribeResourcePolicies",
        "DescribeLogGroups",
    )
}

ALLOWED: dict[str, dict[str, set[str]]] = {
    "ApiRole": {
        "logs:CreateLogStream": {"ApiLogGroup.Arn"},
        "logs:PutLogEvents": {"ApiLogGroup.Arn"},
        "dynamodb:BatchGetItem": {"JobsTable.Arn", "AssetsTable.Arn", "CatalogTable.Arn"},
        "dynamodb:GetItem": {
            "JobsTable.Arn",
            "LedgerTable.Arn",
            "AssetsTable.Arn",
            "CatalogTable.Arn",
        },
        "dynamodb:PutItem": {
            "AssetsTable.Arn",
            "JobsTable.Arn",
            "LedgerTable.Arn",
            "CatalogTable.Arn",
        },
        "dynamodb:Query": {
            "JobsTable.Arn",
            "${JobsTable.Arn}/index/ByTenant",
            "${JobsTable.Arn}/index/Contents",
            "LedgerTable.Arn",
            "AssetsTable.Arn",
            "CatalogTable.Arn",
        },
        "dynamodb:UpdateItem": {
            "AssetsTable.Arn",
            "JobsTable.Arn",
            "LedgerTable.Arn",
            "CatalogTable.Arn",
        },
        "s3:GetObject": {
            "${Bucket.Arn}/uploads/*",
            "${Bucket.Arn}/assets/*",
            "${Bucket.Arn}/downloads/*",
            "${Bucket.Arn}/imports/*",
            "${Bucket.Arn}/kept/*",
            "${Bucket.Arn}/batches/*",
        },
        "s3:PutObject": {
            "${Bucket.Arn}/uploads/*",
            "${Bucket.Arn}/staging/*",
            "${Bucket.Arn}/imports/*",
            "${Bucket.Arn}/kept/*",
            "${Bucket.Arn}/batches/*",
        },
        "s3:ListBucket": {"Bucket.Arn"},
        "lambda:InvokeFunction": {
            "RegisterUploadFunction.Arn",
            "BuildDownloadFunction.Arn",
            "FinishJobFunction.Arn",
            "RenderAssetFunction.Arn",
            "TestIntegrationFunction.Arn",
            "ValidateImportFunction.Arn",
        },
        "states:StartExecution": {"ProcessJobStateMachine", "RunBatchStateMachine"},
        "dynamodb:DeleteItem": {"CatalogTable.Arn"},
        "sqs:SendMessage": {"DeliveryQueue.Arn"},
        "ssm:DeleteParameter": {WEBHOOK_SECRETS, KEYS_OF_TENANTS},
        "ssm:GetParameter": {WEBHOOK_SECRETS},
        "ssm:PutParameter": {WEBHOOK_SECRETS, KEYS_OF_TENANTS},
        "scheduler:CreateSchedule": OWN_SCHEDULES,
        "scheduler:DeleteSchedule": OWN_SCHEDULES,
        "scheduler:UpdateSchedule": OWN_SCHEDULES,
        "iam:PassRole": {"SchedulerRole.Arn"},
    },
    "RenderAssetRole": {
        "logs:CreateLogStream": {"RenderAssetLogGroup.Arn"},
        "logs:PutLogEvents": {"RenderAssetLogGroup.Arn"},
        "dynamodb:GetItem": {"AssetsTable.Arn"},
        "dynamodb:UpdateItem": {"AssetsTable.Arn"},
        "s3:GetObject": {"${Bucket.Arn}/assets/*"},
        "s3:PutObject": {"${Bucket.Arn}/assets/*/renditions/*"},
        "s3:ListBucket": {"Bucket.Arn"},
    },
    "RegisterUploadRole": {
        "logs:CreateLogStream": {"RegisterUploadLogGroup.Arn"},
        "logs:PutLogEvents": {"RegisterUploadLogGroup.Arn"},
        "dynamodb:BatchGetItem": {"AssetsTable.Arn", "CatalogTable.Arn"},
        "dynamodb:GetItem": {"AssetsTable.Arn", "CatalogTable.Arn"},
        "dynamodb:PutItem": {"AssetsTable.Arn", "JobsTable.Arn", "LedgerTable.Arn"},
        "dynamodb:UpdateItem": {"AssetsTable.Arn", "LedgerTable.Arn"},
        "s3:DeleteObject": {"${Bucket.Arn}/uploads/*"},
        "s3:GetObject": {"${Bucket.Arn}/uploads/*"},
        "s3:PutObject": {"${Bucket.Arn}/assets/*", "${Bucket.Arn}/quarantine/*"},
        "events:PutEvents": {"EventBus.Arn"},
        "s3:ListBucket": {"Bucket.Arn"},
        "states:StartExecution": {"ProcessJobStateMachine"},
        "sqs:SendMessage": {"DeadLetterQueue.Arn"},
    },
    "NotifyRole": {
        "logs:CreateLogStream": {"NotifyLogGroup.Arn"},
        "logs:PutLogEvents": {"NotifyLogGroup.Arn"},
        "dynamodb:DeleteItem": {"CatalogTable.Arn"},
        "dynamodb:PutItem": {"CatalogTable.Arn"},
        "dynamodb:Query": {"CatalogTable.Arn"},
        "sqs:SendMessage": {"DeliveryQueue.Arn", "DeadLetterQueue.Arn"},
        "ses:SendEmail": {"*"},
    },
    "SendWebhookRole": {
        "logs:CreateLogStream": {"SendWebhookLogGroup.Arn"},
        "logs:PutLogEvents": {"SendWebhookLogGroup.Arn"},
        "dynamodb:GetItem": {"CatalogTable.Arn"},
        "dynamodb:UpdateItem": {"CatalogTable.Arn"},
        "events:PutEvents": {"EventBus.Arn"},
        "sqs:ChangeMessageVisibility": {"DeliveryQueue.Arn"},
        "sqs:DeleteMessage": {"DeliveryQueue.Arn"},
        "sqs:GetQueueAttributes": {"DeliveryQueue.Arn"},
        "sqs:ReceiveMessage": {"DeliveryQueue.Arn"},
        "sqs:SendMessage": {"DeliveryQueue.Arn"},
        "ssm:GetParameter": {WEBHOOK_SECRETS},
    },
    "SchedulerRole": {
        "lambda:InvokeFunction": {"RunScheduleFunction.Arn"},
        "sqs:SendMessage": {"DeadLetterQueue.Arn"},
    },
    "RunScheduleRole": {
        "logs:CreateLogStream": {"RunScheduleLogGroup.Arn"},
        "logs:PutLogEvents": {"RunScheduleLogGroup.Arn"},
        "dynamodb:BatchGetItem": {"AssetsTable.Arn", "CatalogTable.Arn"},
        "dynamodb:GetItem": {"JobsTable.Arn", "LedgerTable.Arn", "CatalogTable.Arn"},
        "dynamodb:PutItem": {"JobsTable.Arn", "LedgerTable.Arn", "CatalogTable.Arn"},
        "dynamodb:UpdateItem": {"LedgerTable.Arn", "CatalogTable.Arn"},
        "s3:GetObject": {"${Bucket.Arn}/imports/*", "${Bucket.Arn}/kept/*"},
        "s3:PutObject": {"${Bucket.Arn}/batches/*"},
        "states:StartExecution": {"ProcessJobStateMachine", "RunBatchStateMachine"},
        "sqs:SendMessage": {"DeadLetterQueue.Arn"},
        "s3:ListBucket": {"Bucket.Arn"},
    },
    "StartJobRole": {
        "logs:CreateLogStream": {"StartJobLogGroup.Arn"},
        "logs:PutLogEvents": {"StartJobLogGroup.Arn"},
        "dynamodb:Query": {"JobsTable.Arn"},
        "dynamodb:UpdateItem": {"JobsTable.Arn"},
    },
    "CallProviderRole": {
        "logs:CreateLogStream": {"CallProviderLogGroup.Arn"},
        "logs:PutLogEvents": {"CallProviderLogGroup.Arn"},
        "dynamodb:GetItem": {"JobsTable.Arn", "CatalogTable.Arn"},
        "dynamodb:UpdateItem": {"JobsTable.Arn", "CatalogTable.Arn"},
        "dynamodb:PutItem": {"LedgerTable.Arn"},
        **OPEN_STAGING_AND_ASSETS,
        "s3:PutObject": {"${Bucket.Arn}/staging/*"},
        "ssm:GetParameter": {PROVIDER_KEYS},
        "bedrock:InvokeModel": {
            "arn:${AWS::Partition}:bedrock:*::foundation-model/stability.*",
            "arn:${AWS::Partition}:bedrock:*:${AWS::AccountId}:inference-profile/us.stability.*",
        },
    },
    "PrepareSourceRole": {
        "logs:CreateLogStream": {"PrepareSourceLogGroup.Arn"},
        "logs:PutLogEvents": {"PrepareSourceLogGroup.Arn"},
        "dynamodb:GetItem": {"JobsTable.Arn"},
        "dynamodb:UpdateItem": {"JobsTable.Arn"},
        "dynamodb:PutItem": {"LedgerTable.Arn"},
        **OPEN_STAGING_AND_ASSETS,
        "s3:PutObject": {"${Bucket.Arn}/staging/*"},
    },
    "PostProcessRole": {
        "logs:CreateLogStream": {"PostProcessLogGroup.Arn"},
        "logs:PutLogEvents": {"PostProcessLogGroup.Arn"},
        "dynamodb:GetItem": {"JobsTable.Arn"},
        "dynamodb:UpdateItem": {"JobsTable.Arn"},
        "dynamodb:PutItem": {"LedgerTable.Arn"},
        **OPEN_STAGING,
        "s3:PutObject": {"${Bucket.Arn}/staging/*"},
    },
    "SaveImageRole": {
        "logs:CreateLogStream": {"SaveImageLogGroup.Arn"},
        "logs:PutLogEvents": {"SaveImageLogGroup.Arn"},
        "dynamodb:GetItem": {"JobsTable.Arn"},
        "dynamodb:UpdateItem": {"JobsTable.Arn"},
        "dynamodb:PutItem": {"AssetsTable.Arn", "LedgerTable.Arn"},
        **OPEN_STAGING,
        "s3:PutObject": {"${Bucket.Arn}/assets/*"},
    },
    "FailImageRole": {
        "logs:CreateLogStream": {"FailImageLogGroup.Arn"},
        "logs:PutLogEvents": {"FailImageLogGroup.Arn"},
        "dynamodb:GetItem": {"JobsTable.Arn"},
        "dynamodb:UpdateItem": {"JobsTable.Arn"},
        "dynamodb:PutItem": {"LedgerTable.Arn"},
        **OPEN_STAGING,
    },
    "FinishJobRole": {
        "logs:CreateLogStream": {"FinishJobLogGroup.Arn"},
        "logs:PutLogEvents": {"FinishJobLogGroup.Arn"},
        "dynamodb:GetItem": {"AssetsTable.Arn", "JobsTable.Arn", "LedgerTable.Arn"},
        "dynamodb:Query": {"JobsTable.Arn"},
        "dynamodb:UpdateItem": {"AssetsTable.Arn", "JobsTable.Arn", "LedgerTable.Arn"},
        "dynamodb:PutItem": {"AssetsTable.Arn", "LedgerTable.Arn"},
        **OPEN_STAGING,
        "events:PutEvents": {"EventBus.Arn"},
        "sqs:SendMessage": {"DeadLetterQueue.Arn"},
    },
    "SweepJobsRole": {
        "logs:CreateLogStream": {"SweepJobsLogGroup.Arn"},
        "logs:PutLogEvents": {"SweepJobsLogGroup.Arn"},
        "dynamodb:GetItem": {"JobsTable.Arn", "CatalogTable.Arn"},
        "dynamodb:PutItem": {"CatalogTable.Arn"},
        "dynamodb:Query": {
            "JobsTable.Arn",
            "${JobsTable.Arn}/index/Open",
            "${CatalogTable.Arn}/index/Open",
        },
        "dynamodb:UpdateItem": {"CatalogTable.Arn"},
        "lambda:InvokeFunction": {"FinishJobFunction.Arn", "FinishBatchFunction.Arn"},
        "states:StartExecution": {"ProcessJobStateMachine", "RunBatchStateMachine"},
        "states:DescribeExecution": {
            f"{STATES}:execution:${{ProcessJobStateMachine.Name}}:*",
            f"{STATES}:execution:${{RunBatchStateMachine.Name}}:*",
        },
        "sqs:SendMessage": {"DeliveryQueue.Arn", "DeadLetterQueue.Arn"},
    },
    "ProcessJobRole": {
        "lambda:InvokeFunction": {
            "StartJobFunction.Arn",
            "CallProviderFunction.Arn",
            "PrepareSourceFunction.Arn",
            "PostProcessFunction.Arn",
            "SaveImageFunction.Arn",
            "FailImageFunction.Arn",
            "FinishJobFunction.Arn",
        },
        **LOG_DELIVERY,
    },
    "TestIntegrationRole": {
        "logs:CreateLogStream": {"TestIntegrationLogGroup.Arn"},
        "logs:PutLogEvents": {"TestIntegrationLogGroup.Arn"},
        "dynamodb:BatchGetItem": {"CatalogTable.Arn"},
        "dynamodb:PutItem": {"CatalogTable.Arn"},
        "dynamodb:UpdateItem": {"CatalogTable.Arn"},
        "ssm:DescribeParameters": {"*"},
        "ssm:GetParameter": {PROVIDER_KEYS},
        "sqs:SendMessage": {"DeadLetterQueue.Arn"},
    },
    "ValidateImportRole": {
        "logs:CreateLogStream": {"ValidateImportLogGroup.Arn"},
        "logs:PutLogEvents": {"ValidateImportLogGroup.Arn"},
        "dynamodb:GetItem": {"CatalogTable.Arn"},
        "dynamodb:PutItem": {"CatalogTable.Arn"},
        "dynamodb:BatchGetItem": {"AssetsTable.Arn", "CatalogTable.Arn"},
        "s3:GetObject": {"${Bucket.Arn}/imports/*"},
        "s3:PutObject": {"${Bucket.Arn}/imports/*"},
        "s3:ListBucket": {"Bucket.Arn"},
        "sqs:SendMessage": {"DeadLetterQueue.Arn"},
    },
    "BuildDownloadRole": {
        "logs:CreateLogStream": {"BuildDownloadLogGroup.Arn"},
        "logs:PutLogEvents": {"BuildDownloadLogGroup.Arn"},
        "dynamodb:GetItem": {"CatalogTable.Arn"},
        "dynamodb:PutItem": {"CatalogTable.Arn"},
        "dynamodb:BatchGetItem": {"AssetsTable.Arn"},
        "s3:GetObject": {"${Bucket.Arn}/assets/*"},
        "s3:AbortMultipartUpload": {"${Bucket.Arn}/downloads/*"},
        "s3:PutObject": {"${Bucket.Arn}/downloads/*"},
        "s3:ListBucket": {"Bucket.Arn"},
        "sqs:SendMessage": {"DeadLetterQueue.Arn"},
    },
    "RunBatchRole": {
        "lambda:InvokeFunction": {
            "CreateBatchJobFunction.Arn",
            "FailBatchRowFunction.Arn",
            "FinishBatchFunction.Arn",
        },
        "s3:GetObject": {"${Bucket.Arn}/batches/*"},
        "states:StartExecution": {
            "ProcessJobStateMachine.Arn",
            f"{STATES}:stateMachine:${{AWS::StackName}}-run-batch",
        },
        "states:DescribeExecution": NESTED_EXECUTIONS,
        "states:StopExecution": NESTED_EXECUTIONS,
        "events:PutTargets": NESTED_RULE,
        "events:PutRule": NESTED_RULE,
        "events:DescribeRule": NESTED_RULE,
        **LOG_DELIVERY,
    },
    "CreateBatchJobRole": {
        "logs:CreateLogStream": {"CreateBatchJobLogGroup.Arn"},
        "logs:PutLogEvents": {"CreateBatchJobLogGroup.Arn"},
        "dynamodb:GetItem": {"JobsTable.Arn", "CatalogTable.Arn"},
        "dynamodb:PutItem": {"JobsTable.Arn", "LedgerTable.Arn"},
        "dynamodb:Query": {"JobsTable.Arn"},
        "dynamodb:UpdateItem": {"JobsTable.Arn", "LedgerTable.Arn"},
        "dynamodb:BatchGetItem": {"AssetsTable.Arn", "CatalogTable.Arn"},
        "s3:GetObject": {"${Bucket.Arn}/batches/*"},
        "s3:ListBucket": {"Bucket.Arn"},
    },
    "FailBatchRowRole": {
        "logs:CreateLogStream": {"FailBatchRowLogGroup.Arn"},
        "logs:PutLogEvents": {"FailBatchRowLogGroup.Arn"},
        "dynamodb:GetItem": {"JobsTable.Arn"},
        "dynamodb:PutItem": {"JobsTable.Arn"},
        "dynamodb:UpdateItem": {"JobsTable.Arn"},
    },
    "FinishBatchRole": {
        "logs:CreateLogStream": {"FinishBatchLogGroup.Arn"},
        "logs:PutLogEvents": {"FinishBatchLogGroup.Arn"},
        "dynamodb:GetItem": {"JobsTable.Arn"},
        "dynamodb:UpdateItem": {"JobsTable.Arn"},
        "events:PutEvents": {"EventBus.Arn"},
        "sqs:SendMessage": {"DeadLetterQueue.Arn"},
    },
}
