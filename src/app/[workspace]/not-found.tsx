export { default } from '#src/app/not-found.tsx'
