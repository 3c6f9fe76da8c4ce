/** Why nothing about runs can be changed by who may only read them. */
export const READS_ONLY = 'Your role here can look but not change. Ask an admin for the role of editor.'
