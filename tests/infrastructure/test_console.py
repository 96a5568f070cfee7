"""How the console is hosted: a private bucket behind a distribution that also serves the API."""

import os
import subprocess
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.mock_aws.stack import ROOT, template
from tests.support.template.functions import resources, text

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
METHODS = {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}


def only(kind: str) -> Mapping[str, Any]:
    (resource,) = resources(kind)
    return resource.properties


DISTRIBUTION = only("AWS::CloudFront::Distribution")["DistributionConfig"]


@pytest.mark.parametrize(
    "behaviour", DISTRIBUTION["CacheBehaviors"], ids=lambda one: one["PathPattern"]
)
def test_the_api_is_passed_on_uncached_with_its_token_and_without_its_host(
    behaviour: dict[str, Any],
) -> None:
    assert behaviour["CachePolicyId"] == CACHING_DISABLED
    assert behaviour["OriginRequestPolicyId"] == ALL_BUT_HOST
    assert set(behaviour["AllowedMethods"]) == METHODS
    assert behaviour["ViewerProtocolPolicy"] == "https-only"
    assert behaviour["TargetOriginId"] == "api"
    assert "FunctionAssociations" not in behaviour


def test_every_path_of_the_api_has_a_behaviour() -> None:
    paths = {one["PathPattern"] for one in DISTRIBUTION["CacheBehaviors"]}

    assert paths == {"/v1/*", "/health", "/problems/*"}


def test_pages_come_from_the_private_bucket_with_the_headers() -> None:
    behaviour = DISTRIBUTION["DefaultCacheBehavior"]
    origin, _ = DISTRIBUTION["Origins"]

    assert behaviour["CachePolicyId"] == CACHING_OPTIMIZED
    assert behaviour["ViewerProtocolPolicy"] == "redirect-to-https"
    assert text(behaviour["ResponseHeadersPolicyId"]) == "ConsoleHeaders"
    assert len(behaviour["FunctionAssociations"]) == 1
    assert text(origin["OriginAccessControlId"]) == "ConsoleAccess.Id"
    assert only("AWS::CloudFront::OriginAccessControl")["OriginAccessControlConfig"][
        "SigningBehavior"
    ] == "always"  # fmt: skip
    # They would turn the API's 403 and 404 into pages with status 200.
    assert "CustomErrorResponses" not in DISTRIBUTION


def test_only_the_distribution_reads_the_bucket_of_the_console() -> None:
    (policy,) = (
        one.properties["PolicyDocument"]
        for one in resources("AWS::S3::BucketPolicy")
        if one.properties["Bucket"] == {"Ref": "ConsoleBucket"}
    )
    (statement,) = policy["Statement"]

    assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert statement["Action"] == "s3:GetObject"
    assert "distribution/${ConsoleDistribution}" in text(
        statement["Condition"]["StringEquals"]["aws:SourceArn"]
    )


def test_the_policy_of_pages_allows_the_bucket_and_sign_in_and_nothing_else() -> None:
    headers = only("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    security = headers["SecurityHeadersConfig"]
    policy, origins = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))

    assert directives == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "style-src-attr": "'none'",
        "font-src": "'self'",
        "img-src": "'self' blob: ${FilesOrigin}",
        "media-src": "${FilesOrigin}",
        "connect-src": "'self' ${FilesOrigin} ${SignInOrigins}",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
    }
    assert set(origins) == {"FilesOrigin", "SignInOrigins"}
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000


def test_the_bucket_of_files_allows_the_console_and_no_other_origin() -> None:
    (bucket,) = (one for one in resources("AWS::S3::Bucket") if one.logical_id == "Bucket")
    condition, rules, _ = bucket.properties["CorsConfiguration"]["Fn::If"]
    (rule,) = rules["CorsRules"]
    (origin,) = rule["AllowedOrigins"]

    assert condition == "HasConsole"
    assert set(rule["AllowedMethods"]) == {"GET", "POST"}
    assert "ConsoleDistribution.DomainName" in str(origin["Fn::If"][2])
    assert "*" not in str(origin)


def test_without_the_console_nothing_of_it_is_made() -> None:
    document = template()
    named = {
        name: resource.get("Condition")
        for name, resource in document["Resources"].items()
        if name.startswith(("Console", "SignIn"))
    }

    assert len(named) == 8
    assert set(named.values()) == {"HasConsole"}


def planned(*arguments: str) -> str:
    """Return the commands that make would run."""
    command = ["make", "--dry-run", "--always-make", "--no-print-directory", *arguments]
    # The tests may run below another make.
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=env)
    return done.stdout


def test_the_demo_does_without_the_console_and_its_downloads_on_request() -> None:
    assert "npm" in planned("demo")
    assert "--no-console" not in planned("demo")
    alone = planned("demo", "CONSOLE=")

    assert "npm" not in alone
    assert alone.rstrip().endswith("studio demo --no-console")
