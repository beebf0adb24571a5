# The same image serves the pages and runs the worker; `docker-compose.yml` says which.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock pyproject.toml README.md ./
COPY lending lending
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
 && /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 lending && mkdir -p /data/media && chown -R lending /data
COPY --from=build /venv /venv
USER lending
WORKDIR /data
ENV PATH=/venv/bin:$PATH LENDING_HOST=0.0.0.0 LENDING_MEDIA_DIR=/data/media
CMD ["lending", "serve"]
