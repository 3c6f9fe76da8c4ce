import * as z from 'zod'
import {
  AgentHeartbeat,
  AgentHeartbeatAnswer,
  AgentRegister,
  AgentRegistered,
  AgentTokenAnswer,
  AgentTokenRequest,
  Claim,
  ClaimRequest,
} from '#src/protocol/agents.ts'
import { Uid } from '#src/protocol/words.ts'
import { heartbeatAgent } from '#src/services/agents/heartbeat.ts'
import { issueAgentToken } from '#src/services/agents/issue-token.ts'
import { registerAgent } from '#src/services/agents/register.ts'
import { claimJob } from '#src/services/jobs/claim.ts'
import { defineRoute, type Route } from '../define-route.ts'

const tag = 'Agents'
const AgentParams = z.object({ agent: Uid })

/** How a machine becomes an agent, proves itself, and takes work. */
export const agentsRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/agents/register',
    summary: 'Register a machine with a single-use token',
    tag,
    auth: 'registration',
    permission: null,
    body: AgentRegister,
    answers: { 201: { description: 'The agent', shape: AgentRegistered } },
    handler: async (ctx, { bearer, body }) => ({ status: 201, body: await registerAgent(ctx, bearer, body) }),
  }),
  defineRoute({
    method: 'post',
    path: '/agents/token',
    summary: 'Get a challenge, then an access token for the signed challenge',
    tag,
    auth: 'public',
    permission: null,
    body: AgentTokenRequest,
    answers: { 200: { description: 'A challenge, or a token', shape: AgentTokenAnswer } },
    handler: async (ctx, { body }) => ({ status: 200, body: await issueAgentToken(ctx, body) }),
  }),
  defineRoute({
    method: 'post',
    path: '/agents/{agent}/heartbeat',
    summary: 'Say that the agent is alive, every 10 s',
    tag,
    permission: 'agent:work',
    params: AgentParams,
    body: AgentHeartbeat,
    answers: { 200: { description: 'Whether to take nothing more', shape: AgentHeartbeatAnswer } },
    handler: async (ctx, { params, body }) => ({
      status: 200,
      body: await heartbeatAgent(ctx, { ...params, ...body }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/agents/{agent}/claim',
    summary: 'Wait for a job and lease it',
    tag,
    permission: 'agent:work',
    params: AgentParams,
    body: ClaimRequest,
    answers: { 200: { description: 'A leased job', shape: Claim }, 204: { description: 'Nothing came' } },
    handler: async (ctx, { params, body, request }) => {
      const claim = await claimJob(ctx, { ...params, ...body }, request.signal)
      return claim ? { status: 200, body: claim } : { status: 204 }
    },
  }),
]
