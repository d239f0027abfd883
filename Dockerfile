FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY build.mjs tsconfig.json tsconfig.build.json ./
COPY fixtures/default-seed.json ./fixtures/
COPY fixtures/cases ./fixtures/cases
COPY schemas ./schemas
COPY src ./src
RUN npm run build
# What a first start compiles comes with the image, whose user cannot write it.
RUN timeout 5 node dist/src/cli.js --port 0 >/dev/null; ls dist/command/*.cache
# What a mock of one's own may do without, and a server has: a database that several mocks share, and metrics.
RUN for name in pg prom-client; do npm pkg set "dependencies.$name=$(npm pkg get "devDependencies.$name" | tr -d '"')" && npm pkg delete "devDependencies.$name" || exit 1; done
RUN npm prune --omit=dev --ignore-scripts

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production
ENV MOCK_HOST=0.0.0.0
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/fixtures ./fixtures
COPY --from=build /app/dist ./dist
COPY --from=build /app/src/console/page ./src/console/page
USER node
EXPOSE 8005
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "dist/src/cli.js", "health"]
CMD ["node", "dist/src/cli.js"]
