"""The stand-in server of each provider whose accounts hold an API key: all but Bedrock."""

from collections.abc import Mapping

from tests.support.stand_ins.gemini import GeminiStandIn
from tests.support.stand_ins.huggingface import HuggingFaceStandIn
from tests.support.stand_ins.openai import OpenAIStandIn
from tests.support.stand_ins.runware import RunwareStandIn
from tests.support.stand_ins.server import StandIn
from tests.support.stand_ins.stability import StabilityStandIn
from tests.support.stand_ins.wavespeed import WaveSpeedStandIn

STAND_INS: Mapping[str, type[StandIn]] = {
    "gemini": GeminiStandIn,
    "huggingface": HuggingFaceStandIn,
    "openai": OpenAIStandIn,
    "runware": RunwareStandIn,
    "stability": StabilityStandIn,
    "wavespeed": WaveSpeedStandIn,
}
