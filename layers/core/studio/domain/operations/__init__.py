"""Operations of the studio on images, and their inputs."""
