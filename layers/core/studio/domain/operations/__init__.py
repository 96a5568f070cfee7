"""Operations of the studio on pictures, and their inputs."""
