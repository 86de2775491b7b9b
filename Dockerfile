# The page and the HTTP API in a small image: docker build -t digit-sketchpad .
FROM python:3.13-slim AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
COPY recognizer recognizer
COPY saved_model saved_model
RUN python -m venv /opt/digits && /opt/digits/bin/pip install --no-cache-dir ".[web]"

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home digits
COPY --from=build /opt/digits /opt/digits
USER 10001
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["/opt/digits/bin/python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# A token is printed unless DIGITS_TOKEN has one. Names that it is called by: --allowed-host NAME.
ENTRYPOINT ["/opt/digits/bin/digits", "serve", "--host", "0.0.0.0"]
