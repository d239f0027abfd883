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
RUN npm prune --omit=dev --ignore-scripts

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production
ENV MOCK_HOST=0.0.0.0
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/fixtures ./fixtures
COPY --from=build /app/dist ./dist
USER node
EXPOSE 8005
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "dist/src/cli.js", "health"]
CMD ["node", "dist/src/cli.js"]
